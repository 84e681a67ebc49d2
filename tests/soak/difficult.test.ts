/** The difficult topics and streams of the fast tier, with more of them: `DIFFICULT_SEEDS` names others. */
process.env.DIFFICULT_SEEDS ??= '1,2,3,4,5,6'

await import('../integration/difficult.test.ts')
await import('../integration/kinesisMerge.test.ts')

export {}
