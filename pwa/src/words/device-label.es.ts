const systems: Readonly<Record<string, string>> = { 'iPhone or iPad': 'iPhone o iPad', 'another system': 'otro sistema' }

/** What a device calls itself ("Chrome on Linux") in Spanish. A name that people gave it stays as it is. */
export function deviceLabel(label: string): string {
  return label.replace(
    /^(Chrome|Edge|Firefox|Safari|Browser) on (iPhone or iPad|Android|Mac|Windows|Linux|another system)(?=$| \(\d+\)$)/,
    (_, browser: string, system: string) => `${browser === 'Browser' ? 'Navegador' : browser} en ${systems[system] ?? system}`,
  )
}
