/** Node has the class but gives its types no global name; `shared/src/crypto` is written with the browsers' name. */
declare global {
  type CryptoKey = import('node:crypto').webcrypto.CryptoKey
}

export {}
