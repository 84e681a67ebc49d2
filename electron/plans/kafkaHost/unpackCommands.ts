/** Archives of programs on a host: how one is checked and put into place, as pure text. */
import { quote } from '../../lib/quote.ts'
import type { SumAlgorithm } from './archiveCommands.ts'

/** Names and sizes of all files below a folder, as one sum: quick, and different after whatever was changed by mistake. */
const listing = (folder: string) =>
  `(cd ${folder} && find . -type f ! -name .pipeline-control -printf '%P %s\\n' | LC_ALL=C sort | sha256sum | cut -c1-64)`

/** Prints `absent`, `same` or `changed`, and the folder that `current` leads to. */
export const installedScript = (folder: string, current: string): string =>
  [
    `if [ ! -d ${quote(folder)} ]; then echo absent`,
    `elif [ "$(cat ${quote(`${folder}/.pipeline-control`)} 2>/dev/null)" = "$${listing(quote(folder))}" ]; then echo same`,
    'else echo changed; fi',
    `readlink ${quote(current)} || true`,
  ].join('\n')

export interface Unpacking {
  readonly archive: string
  readonly algorithm: SumAlgorithm
  readonly sum: string
  /** A file that it must hold, below its inner folder. */
  readonly holds: string
  /** Where its one inner folder shall be. */
  readonly folder: string
  /** The link that is turned to it. */
  readonly current: string
}

/** Checks the archive once more, unpacks it aside, notes what it holds, and puts it into place by renaming. */
export const unpackScript = ({ archive, algorithm, sum, holds, folder, current }: Unpacking): string => {
  const part = quote(`${folder}.part`)
  return [
    'set -e',
    `[ "$(${algorithm}sum ${quote(archive)} | cut -d' ' -f1)" = ${sum} ] || { echo 'the archive has another sum' >&2; exit 65; }`,
    `rm -rf ${part}`,
    `mkdir -p ${part}`,
    `tar -xzf ${quote(archive)} -C ${part} --strip-components=1 --no-same-owner`,
    `[ -e ${part}/${quote(holds)} ] || { rm -rf ${part} ${quote(archive)}; echo 'the archive holds something else:' ${quote(holds)} 'is not in it' >&2; exit 65; }`,
    `chmod -R go-w ${part}`,
    `${listing(part)} > ${quote(`${folder}.part/.pipeline-control`)}`,
    `rm -rf ${quote(folder)}`,
    `mv ${part} ${quote(folder)}`,
    `ln -sfn ${quote(folder)} ${quote(`${current}.part`)}`,
    `mv -T ${quote(`${current}.part`)} ${quote(current)}`,
    `rm -f ${quote(archive)}`,
  ].join('\n')
}
