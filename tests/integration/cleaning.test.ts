/** The cleaning on the Spark that the app brings. */
import { describe } from 'vitest'
import { brokerMissing } from '../helpers/broker.ts'
import { cleaningCases } from '../parts/cleaningCases.ts'

const missing = await brokerMissing()
if (missing !== null && process.env.CI === 'true') throw new Error(missing)

describe.skipIf(missing !== null)(`Cleaning${missing === null ? '' : ` (${missing})`}`, () => cleaningCases())
