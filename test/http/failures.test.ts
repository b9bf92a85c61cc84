import { describe, expect, test } from 'vitest';
import { bareHost, hostOf, portOf, urlHost, withoutScheme } from '../../src/http/address.ts';
import { networkProblem, type Peer } from '../../src/http/failures.ts';
import { Stalled } from '../../src/http/stall.ts';
import { sentence } from '../../src/support/problem.ts';

test.each([
  ['http://[::1]/x', '::1', 80],
  ['https://[fd00::7]:6443', 'fd00::7', 6443],
  ['https://prod.example', 'prod.example', 443],
  ['http://10.0.0.1:8081', '10.0.0.1', 8081],
  ['socks5://proxy', 'proxy', 1080],
] as const)('%s leads to host %s and port %i', (url, host, port) => {
  expect([hostOf(new URL(url)), portOf(new URL(url))]).toEqual([host, port]);
});

test('an IPv6 address has brackets before a port, and nowhere else', () => {
  expect([urlHost('::1'), urlHost('10.0.0.1'), bareHost('[::1]'), bareHost('prod')]).toEqual(['[::1]', '10.0.0.1', '::1', 'prod']);
  expect(withoutScheme('https://[::1]:6443')).toBe('[::1]:6443');
});

describe('what the network says is one sentence, whoever is at the other end', () => {
  const apiServer: Peer = {
    name: 'the API server',
    place: 'at prod:6443',
    host: 'prod:6443',
    hints: { plain: 'Is its address http and not https?' },
  };
  const endpoint: Peer = {
    name: "Flink's REST endpoint",
    place: 'through pod jm (port-forward)',
    host: 'c1-rest.default',
    hints: { refused: 'Check the port.' },
  };
  const failure = (code: string, message = `connect ${code}`): Error => Object.assign(new Error(message), { code });

  test.each([
    [
      failure('ECONNREFUSED'),
      'The API server at prod:6443 refuses connections (ECONNREFUSED).',
      "Flink's REST endpoint through pod jm (port-forward) refuses connections (ECONNREFUSED). Check the port.",
    ],
    [
      failure('ECONNRESET'),
      'The API server at prod:6443 broke the connection (ECONNRESET).',
      "Flink's REST endpoint through pod jm (port-forward) broke the connection (ECONNRESET).",
    ],
    [
      failure('ENOTFOUND'),
      'The name of the API server prod:6443 cannot be resolved (ENOTFOUND).',
      "The name of Flink's REST endpoint c1-rest.default cannot be resolved (ENOTFOUND).",
    ],
    [
      failure('ERR_SSL_WRONG_VERSION_NUMBER'),
      'The API server at prod:6443 does not speak TLS. Is its address http and not https?',
      "Flink's REST endpoint through pod jm (port-forward) does not speak TLS.",
    ],
    [
      failure('HPE_INVALID_CONSTANT'),
      'The API server at prod:6443 does not answer with HTTP (HPE_INVALID_CONSTANT).',
      "Flink's REST endpoint through pod jm (port-forward) does not answer with HTTP (HPE_INVALID_CONSTANT).",
    ],
    [
      new Stalled('silent', 4_000),
      'The API server at prod:6443 has not answered for 4 s.',
      "Flink's REST endpoint through pod jm (port-forward) has not answered for 4 s.",
    ],
    [
      new Stalled('slow', 60_000),
      'The API server at prod:6443 did not complete its answer within 60 s.',
      "Flink's REST endpoint through pod jm (port-forward) did not complete its answer within 60 s.",
    ],
    [
      new Error('odd'),
      'The connection to the API server at prod:6443 failed: odd.',
      "The connection to Flink's REST endpoint through pod jm (port-forward) failed: odd.",
    ],
  ])('%s', (error, ofServer, ofEndpoint) => {
    expect([sentence(networkProblem(error, apiServer)), sentence(networkProblem(error, endpoint))]).toEqual([ofServer, ofEndpoint]);
  });
});
