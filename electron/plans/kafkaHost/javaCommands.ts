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

export const packagesRemoveScript = (manager: Manager, names: readonly string[]): string =>
  manager === 'apt-get'
    ? `export DEBIAN_FRONTEND=noninteractive; apt-get purge -y -qq -o Dpkg::Use-Pty=0 ${quoteAll(names)}`
    : `${manager} remove -y -q ${quoteAll(names)}`

/** `program` is `<home>/bin/java`. */
export const javaLinkScript = (program: string): string =>
  `ln -sfn ${quote(dirname(dirname(program)))} ${javaCurrent}.part && mv -T ${javaCurrent}.part ${javaCurrent}`
