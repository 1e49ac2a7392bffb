// Imported first by every script: an old Node is told so in words, not by a syntax error somewhere deep.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Alcove needs Node 20.19 or newer; this is ${process.versions.node}. See https://nodejs.org, or "nvm install".`)
  process.exit(1)
}
