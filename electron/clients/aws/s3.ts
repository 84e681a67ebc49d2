/** The few things this app does with a bucket: whether it keeps versions and is private, and small texts in it with their owner. */
import type { S3Client } from '@aws-sdk/client-s3'
import { clientConfig } from './clientConfig.ts'
import { ownerTag } from './ec2Launch.ts'
import type { AwsAccess } from './types.ts'
import { withClient } from './withClient.ts'

async function withS3<T>(
  access: AwsAccess,
  what: string,
  work: (client: S3Client) => Promise<T>,
): Promise<T> {
  const { S3Client } = await import('@aws-sdk/client-s3')
  // Emulators know buckets by their path only.
  const client = new S3Client({ ...clientConfig(access), forcePathStyle: access.endpoint !== '' })
  return withClient(client, what, work)
}

const isMissing = (thrown: unknown): boolean =>
  thrown instanceof Error &&
  /^(?:NoSuchKey|NoSuchVersion|NotFound|NoSuchPublicAccessBlockConfiguration)$/.test(thrown.name)

export interface BucketState {
  readonly versioned: boolean
  readonly private: boolean
}

/** Rejects with AppError, BUCKET_UNKNOWN where it is not there. */
export function bucketState(access: AwsAccess, Bucket: string): Promise<BucketState> {
  return withS3(access, Bucket, async (client) => {
    const { GetBucketVersioningCommand, GetPublicAccessBlockCommand } = await import('@aws-sdk/client-s3')
    const { Status } = await client.send(new GetBucketVersioningCommand({ Bucket }))
    const block = await client.send(new GetPublicAccessBlockCommand({ Bucket })).catch((thrown) => {
      if (isMissing(thrown)) return undefined
      throw thrown
    })
    const all = block?.PublicAccessBlockConfiguration
    return {
      versioned: Status === 'Enabled',
      private:
        all?.BlockPublicAcls === true &&
        all.IgnorePublicAcls === true &&
        all.BlockPublicPolicy === true &&
        all.RestrictPublicBuckets === true,
    }
  })
}

/** Rejects with AppError. */
export function setVersioning(access: AwsAccess, Bucket: string, on: boolean): Promise<void> {
  return withS3(access, Bucket, async (client) => {
    const { PutBucketVersioningCommand } = await import('@aws-sdk/client-s3')
    const Status = on ? 'Enabled' : 'Suspended'
    await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }))
  })
}

/** Blocks all public access. Rejects with AppError. */
export function makePrivate(access: AwsAccess, Bucket: string): Promise<void> {
  return withS3(access, Bucket, async (client) => {
    const { PutPublicAccessBlockCommand } = await import('@aws-sdk/client-s3')
    const PublicAccessBlockConfiguration = {
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    }
    await client.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }))
  })
}

/** A file of a DAG or of requirements; the largest that is read, bytes. */
const largestText = 1_048_576

export interface StoredText {
  readonly text: string
  /** Empty in a bucket without versions. */
  readonly version: string
  /** The pipeline that put it there; null where somebody else did. */
  readonly owner: string | null
}

/** Null where there is none. Rejects with AppError. */
export function getText(
  access: AwsAccess,
  Bucket: string,
  Key: string,
  version = '',
): Promise<StoredText | null> {
  return withS3(access, `${Bucket}/${Key}`, async (client) => {
    const { GetObjectCommand } = await import('@aws-sdk/client-s3')
    const VersionId = version === '' ? {} : { VersionId: version }
    const found = await client
      .send(new GetObjectCommand({ Bucket, Key, ...VersionId, Range: `bytes=0-${largestText - 1}` }))
      .catch((thrown) => {
        if (isMissing(thrown)) return null
        // Of an empty file no byte can be asked for.
        if (thrown instanceof Error && thrown.name === 'InvalidRange') return undefined
        throw thrown
      })
    if (found === null) return null
    return {
      text: (await found?.Body?.transformToString()) ?? '',
      version: found?.VersionId === 'null' ? '' : (found?.VersionId ?? ''),
      owner: found?.Metadata?.[ownerTag] ?? null,
    }
  })
}

/** Answers its version. Rejects with AppError. */
export function putText(
  access: AwsAccess,
  {
    bucket,
    key,
    text,
    owner,
  }: { readonly bucket: string; readonly key: string; readonly text: string; readonly owner: string },
): Promise<string> {
  return withS3(access, `${bucket}/${key}`, async (client) => {
    const { PutObjectCommand } = await import('@aws-sdk/client-s3')
    const { VersionId = '' } = await client.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: text,
        ContentType: 'text/plain; charset=utf-8',
        Metadata: { [ownerTag]: owner },
      }),
    )
    return VersionId
  })
}

/** Deletes the versions that this owner put there, so that what was there before is there again. Answers how many. */
export function deleteOwn(access: AwsAccess, Bucket: string, Key: string, owner: string): Promise<number> {
  return withS3(access, `${Bucket}/${Key}`, async (client) => {
    const { DeleteObjectCommand, HeadObjectCommand, ListObjectVersionsCommand } = await import(
      '@aws-sdk/client-s3'
    )
    let deleted = 0
    for (let KeyMarker: string | undefined, VersionIdMarker: string | undefined, more = true; more; ) {
      const page = await client.send(
        new ListObjectVersionsCommand({ Bucket, Prefix: Key, KeyMarker, VersionIdMarker }),
      )
      for (const version of page.Versions ?? []) {
        if (version.Key !== Key) continue
        const { VersionId } = version
        const { Metadata } = await client.send(new HeadObjectCommand({ Bucket, Key, VersionId }))
        if (Metadata?.[ownerTag] !== owner) continue
        await client.send(new DeleteObjectCommand({ Bucket, Key, VersionId }))
        deleted += 1
      }
      KeyMarker = page.NextKeyMarker
      VersionIdMarker = page.NextVersionIdMarker
      more = page.IsTruncated === true
    }
    return deleted
  })
}
