/** AWS under its own names, as a computer behind an office's proxy reaches it: every name of amazonaws.com leads to moto, over TLS. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type AwsFront, awsFront } from './awsFront.ts'
import { certificatesFor, officeProxy } from './tls.ts'

export interface AwsCloud {
  readonly front: AwsFront
  /** What the app's settings name, so that it gets there. */
  readonly settings: { readonly proxy: string; readonly caFile: string }
  close(): Promise<void>
}

const names = [
  '*',
  ...['', 'control-kinesis.', 'data-kinesis.', 'execute-api.'].map((of) => `*.${of}us-east-1`),
]

/** `home`: where the authority's file is written to. */
export async function awsCloud(moto: string, home: string): Promise<AwsCloud> {
  const certificates = await certificatesFor(...names.map((name) => `DNS:${name}.amazonaws.com`))
  const caFile = join(home, 'office-ca.pem')
  await writeFile(caFile, certificates.ca)
  const front = await awsFront(moto, certificates)
  const proxy = await officeProxy({
    get: (name) => (name.endsWith('.amazonaws.com:443') ? front.port : undefined),
  })
  return {
    front,
    settings: { proxy: proxy.url, caFile },
    close: async () => {
      await proxy.close()
      await front.close()
    },
  }
}
