import { BlockList, isIP } from 'node:net';

/**
 * The proxy for a server, or undefined. `proxy-url` of the kubeconfig wins; else the variables that Go programs read (`HTTPS_PROXY`,
 * `HTTP_PROXY`, `NO_PROXY`, upper or lower case). Source: golang.org/x/net/http/httpproxy, which kubectl uses: loopback is never proxied.
 */
export function proxyFor(server: URL, proxyUrl: string | undefined, env: NodeJS.ProcessEnv): URL | undefined {
  if (proxyUrl !== undefined) return new URL(proxyUrl);
  const variable = server.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const value = env[variable] || env[variable.toLowerCase()];
  if (!value || isExcluded(server, env['NO_PROXY'] || env['no_proxy'] || '')) return undefined;
  return new URL(value.includes('://') ? value : `http://${value}`);
}

function isExcluded(server: URL, list: string): boolean {
  const host = server.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const port = server.port || (server.protocol === 'https:' ? '443' : '80');
  const family = isIP(host);
  if (host === 'localhost' || (family === 4 && host.startsWith('127.')) || host === '::1') return true;
  return list.split(',').map((entry) => entry.trim().toLowerCase()).filter((entry) => entry !== '').some((entry) => {
    if (entry === '*') return true;
    if (entry.includes('/')) return family !== 0 && inNetwork(host, family, entry);
    const withPort = /^(\[?[^\]]+?\]?):(\d+)$/.exec(entry);
    const isBareIpv6 = isIP(entry) === 6;
    const name = (withPort && !isBareIpv6 ? (withPort[1] ?? '') : entry).replace(/^\[|\]$/g, '').replace(/^\*/, '');
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
