/** WebCrypto works outside the event loop; this counts what it still owes, so that tests know when all is quiet. */
let pending = 0
let waiters: (() => void)[] = []

const names = ['decrypt', 'deriveBits', 'digest', 'encrypt', 'exportKey', 'generateKey', 'importKey', 'sign', 'verify'] as const
const prototype: unknown = Object.getPrototypeOf(crypto.subtle)

for (const name of names) {
  const original: unknown = Reflect.get(prototype as object, name)
  if (typeof original !== 'function') throw new Error(`No crypto.subtle.${name}`)
  Reflect.set(prototype as object, name, async function counted(this: SubtleCrypto, ...args: unknown[]) {
    pending += 1
    try {
      return await Reflect.apply(original, this, args)
    } finally {
      pending -= 1
      if (pending === 0) {
        for (const wake of waiters) wake()
        waiters = []
      }
    }
  })
}

/** Resolves when nothing is being computed and nothing more follows from what was. */
export async function settled(): Promise<void> {
  for (let calm = 0, rounds = 0; calm < 6; rounds++) {
    if (rounds > 10_000) throw new Error('It never becomes quiet')
    if (pending > 0) await new Promise<void>((resolve) => void waiters.push(resolve))
    await new Promise<void>((resolve) => setImmediate(resolve))
    calm = pending === 0 ? calm + 1 : 0
  }
}
