/** Loaded before uPlot, which formats with `navigator.language` as it loads: LANG=C gives a tag that Intl refuses. */
try {
  new Intl.NumberFormat(navigator.language)
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en-US', configurable: true })
}

export {}
