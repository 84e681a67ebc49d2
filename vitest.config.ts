/** The suites. `npm test` runs all but `soak`; each behaviour once (decision 10). */
import { defineConfig } from 'vitest/config'

/**
 * Three files at once: each has processes, ports and folders of its own, and half of its time is waiting for them. Two leave the
 * cores idle (24 minutes on two cores, three take 19); four were now and then more than they can carry: what must be seen within
 * seconds was late.
 */
const real = {
  testTimeout: 120_000,
  hookTimeout: 300_000,
  maxWorkers: 3,
  // What a page or a command shows may take a while on a busy machine; the default is one second.
  expect: { poll: { timeout: 30_000 } },
} as const

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            '{shared,electron,renderer}/**/*.test.{ts,tsx}',
            'tests/floors.test.ts',
            'tests/unit/**/*.test.ts',
          ],
          testTimeout: 20_000,
          // No state is global, so files share their modules: loading those took longer than the tests.
          isolate: false,
          maxWorkers: 2,
        },
      },
      { test: { name: 'integration', include: ['tests/integration/**/*.test.ts'], ...real } },
      { test: { name: 'security', include: ['tests/security/**/*.test.ts'], ...real } },
      { test: { name: 'e2e', include: ['tests/e2e/**/*.test.ts'], ...real } },
      {
        test: {
          name: 'soak',
          include: ['tests/soak/**/*.test.ts'],
          ...real,
          fileParallelism: false,
          testTimeout: 3_600_000,
        },
      },
    ],
  },
})
