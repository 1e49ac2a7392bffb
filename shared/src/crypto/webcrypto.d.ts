/**
 * The few web interfaces that this folder may use, as WebCrypto (W3C) and the Encoding standard have them: present in
 * Chromium, Firefox, WebKit and Node 20 alike. Only this folder's own tsconfig sees this file; whoever imports the
 * folder brings the full types of the platform.
 */
type WebBytes = Uint8Array<ArrayBuffer>

interface CryptoKey {
  readonly type: 'public' | 'private' | 'secret'
  readonly extractable: boolean
}

interface CryptoKeyPair {
  readonly privateKey: CryptoKey
  readonly publicKey: CryptoKey
}

interface EcJwk {
  kty?: string
  crv?: string
  d?: string
  x?: string
  y?: string
}

interface SubtleCrypto {
  digest(algorithm: string, data: WebBytes): Promise<ArrayBuffer>
  generateKey(algorithm: { name: string; namedCurve: string }, extractable: boolean, usages: string[]): Promise<CryptoKeyPair>
  importKey(format: 'jwk', data: EcJwk, algorithm: object, extractable: boolean, usages: string[]): Promise<CryptoKey>
  importKey(format: 'raw', data: WebBytes, algorithm: object | string, extractable: boolean, usages: string[]): Promise<CryptoKey>
  exportKey(format: 'jwk', key: CryptoKey): Promise<EcJwk>
  exportKey(format: 'raw', key: CryptoKey): Promise<ArrayBuffer>
  sign(algorithm: object | string, key: CryptoKey, data: WebBytes): Promise<ArrayBuffer>
  verify(algorithm: object | string, key: CryptoKey, signature: WebBytes, data: WebBytes): Promise<boolean>
  deriveBits(algorithm: { name: 'ECDH'; public: CryptoKey }, key: CryptoKey, length: number): Promise<ArrayBuffer>
  deriveBits(
    algorithm: { name: 'HKDF'; hash: string; salt: WebBytes; info: WebBytes },
    key: CryptoKey,
    length: number,
  ): Promise<ArrayBuffer>
  encrypt(algorithm: { name: 'AES-GCM'; iv: WebBytes; additionalData: WebBytes }, key: CryptoKey, data: WebBytes): Promise<ArrayBuffer>
  decrypt(algorithm: { name: 'AES-GCM'; iv: WebBytes; additionalData: WebBytes }, key: CryptoKey, data: WebBytes): Promise<ArrayBuffer>
}

declare const crypto: {
  readonly subtle: SubtleCrypto
  getRandomValues(bytes: WebBytes): WebBytes
}

declare class TextEncoder {
  encode(text: string): WebBytes
}

declare class TextDecoder {
  constructor(label: 'utf-8', options: { fatal: boolean; ignoreBOM: boolean })
  decode(bytes: WebBytes): string
}

interface ByteTransform {
  readonly writable: { getWriter(): { write(bytes: WebBytes): Promise<void>; close(): Promise<void> } }
  readonly readable: {
    getReader(): {
      read(): Promise<{ readonly done: false; readonly value: WebBytes } | { readonly done: true; readonly value: WebBytes | undefined }>
      cancel(): Promise<void>
    }
  }
}

interface CompressionStream extends ByteTransform {}
interface DecompressionStream extends ByteTransform {}
declare const CompressionStream: { new (format: 'deflate-raw'): CompressionStream }
declare const DecompressionStream: { new (format: 'deflate-raw'): DecompressionStream }

declare function atob(text: string): string
declare function btoa(binary: string): string
