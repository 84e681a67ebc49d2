/** Java by the host's own package manager, as pure text. */
import { dirname } from 'node:path/posix'
import { quote, quoteAll } from '../../lib/quote.ts'
import { javaArchives, javaHomes } from './javaRuntime.ts'
import { javaCurrent, places } from './wanted.ts'

/** Packages to try in turn; the first that the manager knows is taken (facts: apis 5). */
const packages = {
  'apt-get': ['openjdk-17-jre-headless', 'openjdk-21-jre-headless', 'openjdk-25-jre-headless'],
  dnf: ['java-17-amazon-corretto-headless', 'java-21-amazon-corretto-headless', 'java-17-openjdk-headless'],
  yum: ['java-17-amazon-corretto-headless', 'java-17-openjdk-headless'],
} as const
export type Manager = keyof typeof packages

/** What was installed before Java came: kept on the host until what is new is on file, whatever was cut off in between. */
const packagesBefore = `${places.data}/packages-before`
const packagesNow = `${places.data}/packages-now`

/** A line for each package with dpkg's word of its state before it. Not in a pipe, which would hide that it failed. */
const listPackages = [
  'if command -v dpkg-query >/dev/null',
  `then dpkg-query -W -f '\${db:Status-Abbrev}\${Package}\\n'`,
  "else rpm -qa --qf 'ii %{NAME}\\n'; fi",
].join('; ')
/** The names of those that are on the disk, also where dpkg is not done with them. */
const namesOf = (file: string) => `sed -n 's/^[a-z][HUFWti][ R]//p' ${file} | LC_ALL=C sort -u`

export const keepPackagesScript = `[ -f ${packagesBefore} ] || { { ${listPackages}; } > ${packagesBefore}.part && mv ${packagesBefore}.part ${packagesBefore}; }`

/** Names of packages that have come since, one a line; none where nothing is kept. */
export const newPackagesScript = [
  `[ -f ${packagesBefore} ] || exit 0`,
  `{ ${listPackages}; } > ${packagesNow} || exit 1`,
  `${namesOf(packagesBefore)} > ${packagesBefore}.part`,
  `${namesOf(packagesNow)} | LC_ALL=C comm -13 ${packagesBefore}.part -`,
].join('\n')

export const forgetPackagesScript = `rm -f ${packagesBefore} ${packagesBefore}.part ${packagesNow}`

/** apt's own lock is waited for: a machine updates itself right after its start, s. */
const aptWaits = '-o DPkg::Lock::Timeout=300'
/** Whoever has no way out is to know it soon: the defaults try for minutes on each of several addresses, s. */
const aptGivesUp = '-o Acquire::Retries=1 -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20'
const dnfGivesUp = '--setopt=timeout=20 --setopt=retries=2'
/** Waits while another holds what it needs, for two minutes. */
const unlocked = (command: string) => [
  'for try in 1 2 3 4 5 6 7 8 9 10 11 12; do',
  `  said=$(LC_ALL=C ${command} 2>&1) && break`,
  '  case $said in *lock*) sleep 10 ;; *) printf "%s\\n" "$said" >&2; exit 1 ;; esac',
  'done',
]
/** Where a connection was cut while packages were unpacked, dpkg does nothing more until that is finished. */
const aptFinish = unlocked('dpkg --configure -a')
/** The lists have a lock of their own, which apt-get does not wait for. */
const aptUpdate = unlocked(`apt-get update -qq ${aptGivesUp}`)

export const javaInstallScript = (manager: Manager): string => {
  const each = packages[manager]
  if (manager === 'apt-get')
    return [
      'export DEBIAN_FRONTEND=noninteractive',
      ...aptFinish,
      ...aptUpdate,
      `for package in ${quoteAll(each)}; do`,
      '  apt-cache show "$package" >/dev/null 2>&1 || continue',
      `  apt-get install -y -qq ${aptWaits} ${aptGivesUp} -o Dpkg::Use-Pty=0 --no-install-recommends "$package" && exit 0`,
      'done',
      'echo "no package of Java 17 or newer" >&2; exit 1',
    ].join('\n')
  return [
    `for package in ${quoteAll(each)}; do ${manager} install -y -q ${dnfGivesUp} "$package" && exit 0; done`,
    'echo "no package of Java 17 or newer" >&2; exit 1',
  ].join('\n')
}

/** Removes them unless something that was installed since needs one of them: then all stay, and a line says why. */
export const packagesRemoveScript = (manager: Manager, names: readonly string[]): string =>
  manager === 'apt-get'
    ? [
        'export DEBIAN_FRONTEND=noninteractive',
        ...aptFinish,
        `others=$(LC_ALL=C apt-get -s purge ${quoteAll(names)} | sed -n 's/^\\(Remv\\|Purg\\) \\([^ ]*\\).*/\\2/p' | sort -u | grep -vxF ${names.map((name) => `-e ${quote(name)}`).join(' ')})`,
        'if [ -n "$others" ]; then echo "The packages stay, because these need them:" $others; exit 0; fi',
        `apt-get purge -y -qq ${aptWaits} -o Dpkg::Use-Pty=0 ${quoteAll(names)}`,
      ].join('\n')
    : [
        `if command -v rpm >/dev/null && ! why=$(LC_ALL=C rpm -e --test ${quoteAll(names)} 2>&1); then`,
        '  echo "The packages stay, because others need them:" $why; exit 0',
        'fi',
        `${manager} remove -y -q ${quoteAll(names)}`,
      ].join('\n')

/** `program` is `<home>/bin/java`. */
export const javaLinkScript = (program: string): string =>
  `ln -sfn ${quote(dirname(dirname(program)))} ${javaCurrent}.part && mv -T ${javaCurrent}.part ${javaCurrent}`

/** Of those that were brought, all but the one in use: a broker may run on it until its own step. */
export const olderJavasRemoveScript = `find ${javaHomes} -mindepth 1 -maxdepth 1 -type d ! -name "$(basename "$(readlink ${javaCurrent})")" -exec rm -rf {} +`

/** The link, and all that was brought. */
export const broughtJavaRemoveScript = `rm -rf ${javaHomes}/* ${javaArchives}`
