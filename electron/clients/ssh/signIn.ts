/** The methods of sign-in, one after the other, and an account of what was tried. */
import ssh2, { type AnyAuthMethod, type AuthHandlerMiddleware } from 'ssh2'
import { type Secret, secret } from '../../lib/secret.ts'
import { checkKey } from './keyText.ts'
import type { SshHop } from './types.ts'

export interface SignIn {
  readonly handler: AuthHandlerMiddleware
  readonly tried: string[]
  readonly offered: string[]
}

/** Throws AppError SSH_KEY_… where the key cannot be used: before anything is sent. */
export function signIn({ user: username, auth }: SshHop): SignIn {
  const methods: AnyAuthMethod[] = [{ type: 'none', username }]
  if (auth.key !== null) {
    const { text } = checkKey(auth.key.text, auth.key.passphrase, 'the given key')
    const passphrase = auth.key.passphrase?.reveal()
    methods.push({ type: 'publickey', username, key: text.reveal(), ...(passphrase && { passphrase }) })
  }
  if (auth.agent !== null) methods.push({ type: 'agent', username, agent: ssh2.createAgent(auth.agent) })
  if (auth.password !== null) methods.push({ type: 'password', username, password: auth.password.reveal() })
  if (auth.password !== null || auth.ask !== null) {
    methods.push({ type: 'keyboard-interactive', username, prompt: promptWith(auth) })
  }
  const tried: string[] = []
  const offered: string[] = []
  const next: AuthHandlerMiddleware = (left, _partial, answer) => {
    if (left !== null) offered.splice(0, offered.length, ...left)
    const method = methods.shift()
    if (method === undefined) return answer(false as never)
    // Where the server says what it takes, nothing else is shown to it.
    const wire = method.type === 'agent' ? 'publickey' : method.type
    if (left !== null && !left.includes(wire as never)) return next(left, _partial, answer)
    if (method.type !== 'none') tried.push(method.type === 'agent' ? 'agent' : wire)
    answer(method)
  }
  return { handler: next, tried, offered }
}

type Prompts = (
  name: string,
  instructions: string,
  lang: string,
  prompts: readonly { readonly prompt: string; readonly echo?: boolean }[],
  finish: (answers: string[]) => void,
) => void

/** The password answers the first single hidden question; everything else is asked. */
function promptWith({ password, ask }: SshHop['auth']): Prompts {
  let used = false
  return (_name, _instructions, _lang, prompts, finish) => {
    const answers = async (): Promise<readonly Secret[]> => {
      if (prompts.length === 0) return []
      if (password !== null && !used && prompts.length === 1 && prompts[0]?.echo !== true) {
        used = true
        return [password]
      }
      if (ask === null) return prompts.map(() => secret(''))
      return ask(prompts.map(({ prompt, echo }) => ({ text: prompt, echo: echo === true })))
    }
    answers().then(
      (given) => finish(given.map((each) => each.reveal())),
      () => finish([]),
    )
  }
}
