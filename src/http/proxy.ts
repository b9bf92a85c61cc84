import { BlockList, isIP } from 'node:net';
import { Problem } from '../support/problem.ts';
import { bareHost, hostOf, portOf } from './address.ts';

/**
 * The proxy for a server, or undefined. `proxy-url` of the kubeconfig wins, then the variables that Go programs read (`HTTPS_PROXY`,
 * `HTTP_PROXY`, `NO_PROXY`, upper or lower case). Source: golang.org/x/net/http/httpproxy, which kubectl uses: loopback is never proxied.
 */
export function proxyFor(server: URL, proxyUrl: string | undefined, env: NodeJS.ProcessEnv): URL | undefined {
  if (proxyUrl !== undefined) return address(proxyUrl, 'proxy-url');
  const variable = server.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const value = env[variable] || env[variable.toLowerCase()];
  if (!value || isExcluded(server, env.NO_PROXY || env.no_proxy || '')) return undefined;
  return address(value.includes('://') ? value : `http://${value}`, variable);
}

function address(value: string, where: string): URL {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  // Without slashes, the URL parser takes the host name for a scheme.
  if (url && url.hostname !== '') {
    if (/^(?:https?|socks5h?):$/.test(url.protocol)) return url;
    throw new Problem('invalid', `${where} names a kind of proxy that is not known: ${url.protocol.slice(0, -1)}.`, {
      hint: 'Use http, https or socks5.',
    });
  }
  throw new Problem('invalid', `${where} is not the address of a proxy: ${value.replace(/\/\/[^/]*@/, '//')}.`, {
    hint: 'It must look like http://host:3128.',
  });
}

function isExcluded(server: URL, list: string): boolean {
  const host = hostOf(server).toLowerCase();
  const port = String(portOf(server));
  const family = isIP(host);
  if (host === 'localhost' || (family === 4 && host.startsWith('127.')) || host === '::1') return true;
  return list
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true;
      if (entry.includes('/')) return family !== 0 && inNetwork(host, family, entry);
      const withPort = /^(\[?[^\]]+?\]?):(\d+)$/.exec(entry);
      const isBareIpv6 = isIP(entry) === 6;
      const name = bareHost(withPort && !isBareIpv6 ? (withPort[1] ?? '') : entry).replace(/^\*/, '');
      if (withPort && !isBareIpv6 && withPort[2] !== port) return false;
      if (isIP(name) !== 0) return name === host;
      return name.startsWith('.') ? host.endsWith(name) : host === name || host.endsWith(`.${name}`);
    });
}

function inNetwork(host: string, family: number, network: string): boolean {
  const [address = '', prefix = ''] = network.split('/');
  if (isIP(address) !== family || !/^\d+$/.test(prefix)) return false;
  const block = new BlockList();
  const kind = family === 4 ? 'ipv4' : 'ipv6';
  if (Number(prefix) > (family === 4 ? 32 : 128)) return false;
  block.addSubnet(address, Number(prefix), kind);
  return block.check(host, kind);
}
