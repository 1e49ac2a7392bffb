export const targets = ['chromium', 'firefox', 'safari'] as const
export type Target = (typeof targets)[number]

/**
 * `shipped`: what people install. `development`: sees localhost from the start. `test`: also has what a person would have to
 * answer a question for, since a browser without a window cannot be asked.
 */
export type Variant = 'shipped' | 'development' | 'test'

/** The Firefox add-on's own name; its origin in tests hangs on it. */
export const firefoxId = 'companion@alcove.invalid'

const sizes = [16, 32, 48, 128]
const icons = Object.fromEntries(sizes.map((size) => [String(size), `icons/icon-${size}.png`]))

const localhost = ['http://localhost/*', 'http://127.0.0.1/*']

/**
 * Nothing but its own files; it may ask the sites that were added whether they are there. Styles are files, too: no
 * inline style, no eval, nothing from elsewhere, no frame around it.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  'connect-src https: http://localhost:* http://127.0.0.1:*',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** The manifest of one browser's extension, as an object for JSON. */
export function manifestOf(target: Target, variant: Variant, version: string): Readonly<Record<string, unknown>> {
  const granted = variant === 'test' && target !== 'safari' ? optionalOf(target) : []
  return {
    manifest_version: 3,
    name: '__MSG_name__',
    description: '__MSG_description__',
    default_locale: 'en',
    version,
    icons,
    action: { default_title: '__MSG_name__', default_popup: 'popup.html', default_icon: icons },
    options_ui: { page: 'options.html', open_in_tab: true },
    background: target === 'firefox' ? { scripts: ['background.js'] } : { service_worker: 'background.js' },
    permissions: ['alarms', ...(target === 'chromium' ? ['offscreen'] : []), 'scripting', 'storage', ...granted],
    ...(granted.length > 0 || optionalOf(target).length === 0 ? {} : { optional_permissions: optionalOf(target) }),
    optional_host_permissions: ['https://*/*', ...localhost],
    ...(variant === 'shipped' ? {} : { host_permissions: localhost }),
    content_security_policy: { extension_pages: policy },
    ...(target === 'chromium' ? { minimum_chrome_version: '116' } : {}),
    ...(target === 'firefox'
      ? {
          browser_specific_settings: {
            gecko: { id: firefoxId, strict_min_version: '142.0', data_collection_permissions: { required: ['none'] } },
          },
        }
      : {}),
    ...(target === 'safari' ? { browser_specific_settings: { safari: { strict_min_version: '16.4' } } } : {}),
  }
}

/** Asked for when it is first needed, with the reason. Safari has neither. */
function optionalOf(target: Target): readonly string[] {
  if (target === 'chromium') return ['contentSettings', 'notifications']
  return target === 'firefox' ? ['notifications'] : []
}

type Messages = Readonly<Record<'name' | 'description', { readonly message: string }>>

/** `_locales/<language>/messages.json`. */
export const manifestWords: Readonly<Record<'en' | 'es', Messages>> = {
  en: {
    name: { message: 'Alcove companion' },
    description: {
      message: 'Checks camera, microphone and sound before your first telehealth appointment, and rings when a patient waits.',
    },
  },
  es: {
    name: { message: 'Compañero de Alcove' },
    description: {
      message: 'Comprueba la cámara, el micrófono y el sonido antes de su primera cita de telesalud, y avisa cuando un paciente espera.',
    },
  },
}
