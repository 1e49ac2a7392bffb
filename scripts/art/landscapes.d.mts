export const landscapes: Readonly<Record<string, (size: { readonly width: number; readonly height: number }) => Float32Array>>
