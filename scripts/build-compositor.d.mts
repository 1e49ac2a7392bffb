export function compositorWasm(): Promise<Uint8Array<ArrayBuffer>>
