export type Program = 'chromium' | 'firefox' | 'webkitDriver' | 'virtualScreen' | 'turnServer'
export function findProgram(which: Program): string | null
export function findMiniBrowser(): string | null
export function ensureBrowsers(wanted?: readonly Program[]): Promise<void>
