import { describe, expect, it } from 'vitest'
import { type ProfileFiles, strangeLines } from './profileFiles.ts'
import { checkProfile, ssoProfileOf, wantsMfa } from './profiles.ts'

const files = (
  profiles: ProfileFiles['profiles'],
  ssoSessions: ProfileFiles['ssoSessions'] = {},
): ProfileFiles => ({
  profiles,
  ssoSessions,
  files: [],
  problems: [],
})
const keys = { aws_access_key_id: 'AKIA', aws_secret_access_key: 'x' }
const role = { role_arn: 'arn:aws:iam::123456789012:role/r' }
const said = (of: ProfileFiles, name: string) => {
  try {
    checkProfile(of, name)
    return 'good'
  } catch (thrown) {
    return (thrown as Error).message
  }
}

describe('a profile', () => {
  it.each([
    ['keys', files({ p: keys }), 'good'],
    [
      'one half of a key',
      files({ p: { aws_access_key_id: 'AKIA' } }),
      'The profile p cannot work: it has no aws_secret_access_key',
    ],
    [
      'nothing',
      files({ p: { region: 'x' } }),
      'The profile p cannot work: it has no keys, no role, no program and no sign-in',
    ],
    [
      'a missing source',
      files({ p: { ...role, source_profile: 'q' } }),
      'The profile p cannot work: the profile its role comes from does not exist: q',
    ],
    [
      'a role without a source',
      files({ p: role }),
      'The profile p cannot work: its role has no source_profile and no credential_source',
    ],
    [
      'a broken source',
      files({ p: { ...role, source_profile: 'q' }, q: {} }),
      'The profile q cannot work: it has no keys, no role, no program and no sign-in',
    ],
    ['itself as its source', files({ p: { ...role, ...keys, source_profile: 'p' } }), 'good'],
    [
      'a circle',
      files({ p: { ...role, source_profile: 'q' }, q: { ...role, source_profile: 'p' } }),
      'The profile p cannot work: its roles come from one another in a circle: p → q → p',
    ],
    [
      'an unknown sso session',
      files({ p: { sso_session: 's' } }),
      'The profile p cannot work: its sso_session does not exist: s',
    ],
    [
      'half an sso session',
      files({ p: { sso_session: 's', sso_account_id: '1' } }, { s: { sso_start_url: 'https://x' } }),
      'The profile p cannot work: it has no sso_region, sso_role_name',
    ],
    ['another name', files({ q: keys }), 'There is no such profile in ~/.aws: p'],
  ])('with %s', (_what, of, expected) => {
    expect(said(of, 'p')).toBe(expected)
  })

  it('knows what a person will be asked for along its roles', () => {
    const of = files({
      p: { ...role, source_profile: 'q' },
      q: { ...role, source_profile: 's', mfa_serial: 'm' },
      s: { sso_session: 'x' },
    })
    expect([
      wantsMfa(of, 'p'),
      wantsMfa(of, 's'),
      ssoProfileOf(of, 'p'),
      ssoProfileOf(files({ p: keys }), 'p'),
    ]).toEqual([true, false, 's', null])
  })
})

it('names lines that no tool understands, and never quotes them', () => {
  const config = [
    'region = x',
    '[default]',
    'region=eu-west-1 ; comment',
    '# all a comment',
    's3 =',
    '  addressing_style = path',
    'AKIACANARY',
    '[work]',
    '[profile "two words"]',
    '[sso-session a]',
    '[profile open',
  ].join('\r\n')
  const found = strangeLines(config, 'config')
  expect(found.map(({ line }) => line)).toEqual([1, 7, 8, 9, 11])
  expect(JSON.stringify(found)).not.toContain('AKIA')
  expect(strangeLines('[profile a]\n[b]\nx = 1', 'credentials').map(({ line }) => line)).toEqual([1])
})
