/** Whether security group rules let an address of ours in at a port. */
import { BlockList, isIP, isIPv6 } from 'node:net'
import type { IngressRule } from '../../clients/aws/ec2.ts'

export type PortVerdict =
  /** `cidr` lets us in. */
  | { readonly open: 'yes'; readonly cidr: string }
  /** Others may: these. */
  | { readonly open: 'no'; readonly lets: readonly string[] }
  /** It depends on what cannot be seen from here: our own address, or the members of a list or group. */
  | { readonly open: 'unknown'; readonly lets: readonly string[] }

const everybody = ['0.0.0.0/0', '::/0']

/** `address` is the one that the machine sees of us; null where it is not known. */
export function portOpen(rules: readonly IngressRule[], port: number, address: string | null): PortVerdict {
  const fitting = rules.filter(
    ({ protocol, ports }) =>
      (protocol === 'tcp' || protocol === '6' || protocol === '-1') &&
      (protocol === '-1' || ports === null || (ports.from <= port && port <= ports.to)),
  )
  const cidrs = fitting.flatMap((rule) => rule.cidrs)
  const others = fitting.flatMap((rule) => rule.others)
  const lets = [...new Set([...cidrs, ...others])]
  const cidr =
    cidrs.find((each) => everybody.includes(each)) ??
    (address === null ? undefined : cidrs.find((each) => holds(each, address)))
  if (cidr !== undefined) return { open: 'yes', cidr }
  if (lets.length > 0 && (address === null || others.length > 0)) return { open: 'unknown', lets }
  return { open: 'no', lets }
}

function holds(cidr: string, address: string): boolean {
  const [net = '', bits = ''] = cidr.split('/')
  const list = new BlockList()
  const family = isIPv6(net) ? 'ipv6' : 'ipv4'
  if (isIP(net) === 0 || isIP(address) === 0 || !/^\d+$/.test(bits)) return false
  list.addSubnet(net, Number(bits), family)
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
}

/** An address of a network of one's own (RFC 1918, 6598, 4193), a link's or the computer itself. */
export function isPrivate(address: string): boolean {
  return privateNets.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
}

const privateNets = new BlockList()
for (const [net, bits] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['169.254.0.0', 16],
  ['127.0.0.0', 8],
] as const)
  privateNets.addSubnet(net, bits, 'ipv4')
for (const [net, bits] of [
  ['fc00::', 7],
  ['fe80::', 10],
  ['::1', 128],
] as const)
  privateNets.addSubnet(net, bits, 'ipv6')
