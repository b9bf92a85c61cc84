/** Ports to use if an address names none. */
const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443, 'socks5:': 1080, 'socks5h:': 1080 };

/** A host without the brackets that IPv6 addresses have only in URLs: for sockets and certificates. */
export const bareHost = (host: string): string => host.replace(/^\[|\]$/g, '');

/** A host as it is written before a port. */
export const urlHost = (host: string): string => (host.includes(':') ? `[${host}]` : host);

export const hostOf = ({ hostname }: URL): string => bareHost(hostname);

export const portOf = ({ port, protocol }: URL): number => (port === '' ? (DEFAULT_PORTS[protocol] ?? 0) : Number(port));

/** An address for a person, without its scheme. */
export const withoutScheme = (url: string): string => url.replace(/^https?:\/\//, '');
