/** The closed list of addresses the app may open in the system browser. */
export const links = {
  adoptium: 'https://adoptium.net/temurin/releases/',
  kafkaDocs: 'https://kafka.apache.org/documentation/',
  restProxyDocs: 'https://docs.confluent.io/platform/current/kafka-rest/api.html',
  kinesisDocs: 'https://docs.aws.amazon.com/kinesis/latest/APIReference/Welcome.html',
  electronInstall: 'https://www.electronjs.org/docs/latest/tutorial/installation',
  wsl: 'https://learn.microsoft.com/windows/wsl/install',
} as const

export type LinkId = keyof typeof links
export const linkIds = Object.keys(links) as [LinkId, ...LinkId[]]

/** Pages whose addresses a service itself names: the back end checks them, and the page never sends one. */
export const pageKinds = ['awsSignIn', 'databricksSignIn', 'databricks', 'airflow'] as const
export type PageKind = (typeof pageKinds)[number]
