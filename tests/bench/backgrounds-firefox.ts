import { compareHidden, type FirefoxRate } from '../support/backgrounds/firefox-rate.ts'
import { serveLab } from '../support/backgrounds/serve-lab.ts'
import { openFirefox } from '../support/firefox.ts'

/**
 * A blurred camera in Firefox (on a screen of its own, WebGL by software), each round in a fresh one: pictures a second in front and behind
 * another tab, and what the window does for each. Medians. `npm run bench -- backgrounds-firefox [rounds] [seconds]`
 */
const rounds = Number(process.argv[2] ?? 3)
const seconds = Number(process.argv[3] ?? 5)
const sizes = [
  { width: 1280, height: 720 },
  { width: 640, height: 360 },
]
const [rateGoal, windowGoalMs] = [0.9, 4]

type Compared = { readonly visible: FirefoxRate; readonly hidden: FirefoxRate }

async function main(): Promise<void> {
  const lab = await serveLab()
  try {
    const medians: Compared[] = []
    for (const size of sizes) {
      const measured: Compared[] = []
      for (let round = 0; round < rounds; round++) measured.push(await measure(lab.url, size))
      const { visible, hidden } = middle(measured)
      medians.push({ visible, hidden })
      console.log(
        `${size.width}x${size.height}: ${visible.distinctPerSecond.toFixed(1)} distinct fps in front, ${hidden.distinctPerSecond.toFixed(1)} hidden, ` +
          `${visible.windowMsPerFrame.toFixed(2)} ms of the window a frame`,
      )
    }
    report(medians)
  } finally {
    await lab.close()
  }
}

async function measure(url: string, size: { readonly width: number; readonly height: number }): Promise<Compared> {
  const firefox = await openFirefox({ webgl: true })
  try {
    await firefox.page.goto(url)
    const compared = await compareHidden(firefox, size, seconds * 1000)
    if (compared.visible.hidden || !compared.hidden.hidden) throw new Error('The tab was not as hidden as it should be')
    return compared
  } finally {
    await firefox.close()
  }
}

const ratioOf = ({ visible, hidden }: Compared) => hidden.distinctPerSecond / visible.distinctPerSecond

function middle(all: readonly Compared[]): Compared {
  const sorted = all.toSorted((a, b) => ratioOf(a) - ratioOf(b))
  const found = sorted[Math.floor(sorted.length / 2)]
  if (!found) throw new Error('Nothing was measured')
  return found
}

function report(medians: readonly Compared[]): void {
  const worst = middle(medians.toSorted((a, b) => ratioOf(a) - ratioOf(b)).slice(0, 1))
  const windowMs = Math.max(...medians.map(({ visible }) => visible.windowMsPerFrame))
  const pass = ratioOf(worst) >= rateGoal && windowMs <= windowGoalMs
  const line = {
    name: 'backgrounds-firefox',
    ours: Number(worst.hidden.distinctPerSecond.toFixed(1)),
    peer: Number(worst.visible.distinctPerSecond.toFixed(1)),
    ratio: Number(ratioOf(worst).toFixed(3)),
    goal: rateGoal,
    pass,
  }
  console.log(`\n${JSON.stringify(line)}`)
  if (!pass) process.exitCode = 1
}

await main()
process.exit()
