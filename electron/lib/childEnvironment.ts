/** The environment of the child programs of the local stack, which have no business with AWS: without the keys in it. */

/** Those of AWS's own variables that are secrets, or open one. */
const secrets = new Set([
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_SECURITY_TOKEN',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
])

export function childEnvironment(): Record<string, string> {
  const defined = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  )
  // Windows tells names apart without their case.
  return Object.fromEntries(defined.filter(([name]) => !secrets.has(name.toUpperCase())))
}
