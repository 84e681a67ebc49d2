/** Java by the host's own package manager, as pure text. */
import { dirname } from 'node:path/posix'
import { quote, quoteAll } from '../../lib/quote.ts'
import { javaCurrent } from './wanted.ts'

/** Packages to try in turn; the first that the manager knows is taken (facts: apis 5). */
const packages = {
  'apt-get': ['openjdk-17-jre-headless', 'openjdk-21-jre-headless', 'openjdk-25-jre-headless'],
  dnf: ['java-17-amazon-corretto-headless', 'java-21-amazon-corretto-headless', 'java-17-openjdk-headless'],
  yum: ['java-17-amazon-corretto-headless', 'java-17-openjdk-headless'],
} as const
export type Manager = keyof typeof packages

export const javaInstallScript = (manager: Manager): string => {
  const each = packages[manager]
  if (manager === 'apt-get')
    return [
      'export DEBIAN_FRONTEND=noninteractive',
      'apt-get update -qq || exit 1',
      `for package in ${quoteAll(each)}; do`,
      '  apt-cache show "$package" >/dev/null 2>&1 || continue',
      '  apt-get install -y -qq -o Dpkg::Use-Pty=0 --no-install-recommends "$package" && exit 0',
      'done',
      'echo "no package of Java 17 or newer" >&2; exit 1',
    ].join('\n')
  return [
    `for package in ${quoteAll(each)}; do ${manager} install -y -q "$package" && exit 0; done`,
    'echo "no package of Java 17 or newer" >&2; exit 1',
  ].join('\n')
}

/** Removes them unless something that was installed since needs one of them: then all stay, and a line says why. */
export const packagesRemoveScript = (manager: Manager, names: readonly string[]): string =>
  manager === 'apt-get'
    ? [
        'export DEBIAN_FRONTEND=noninteractive',
        `others=$(LC_ALL=C apt-get -s purge ${quoteAll(names)} | sed -n 's/^\\(Remv\\|Purg\\) \\([^ ]*\\).*/\\2/p' | sort -u | grep -vxF ${names.map((name) => `-e ${quote(name)}`).join(' ')})`,
        'if [ -n "$others" ]; then echo "The packages stay, because these need them:" $others; exit 0; fi',
        `apt-get purge -y -qq -o Dpkg::Use-Pty=0 ${quoteAll(names)}`,
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
