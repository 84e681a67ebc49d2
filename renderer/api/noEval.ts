/** Imported first: a schema asks whether it may compile itself by `new Function` as soon as it is made, and the CSP refuses that (decision 17). */
import { z } from 'zod'

z.config({ jitless: true })
