/** Ticks also while the tab is hidden, where timers of windows come once a second. */
globalThis.setInterval(() => globalThis.postMessage(null), 1000 / 60)
