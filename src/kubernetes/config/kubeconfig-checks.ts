import { Problem } from '../../support/problem.ts';
import type { ClusterProfile, ExecSettings, PemSource, UserProfile } from './profile.ts';

/**
 * Refuses, as a `Problem`, what kubectl refuses in the cluster and the user of a context: with contradictory settings drey could connect to
 * the wrong server, or as the wrong user. Source: client-go `tools/clientcmd/validation.go` and `transport.TLSConfigFor`.
 */
export function checkCluster(name: string, { server, ca, skipTlsVerify }: ClusterProfile): void {
  // Without TLS, the TLS settings do not matter.
  if (!server.startsWith('https:')) return;
  if (ca !== undefined && skipTlsVerify) {
    throw new Problem('invalid', `Cluster ${name} has both a certificate-authority and insecure-skip-tls-verify.`, {
      hint: 'Take one of them away: with insecure-skip-tls-verify nobody checks which server answers.',
    });
  }
  checkPem(ca, `The certificate-authority-data of cluster ${name}`);
}

export function checkUser({ name, token, basic, clientCertificate, clientKey, exec, authProvider, impersonate }: UserProfile): void {
  if (token !== undefined && basic !== undefined)
    throw new Problem('invalid', `User ${name} has both a token and a username or password.`, { hint: 'Take one of them away.' });
  if (clientCertificate !== undefined && clientKey === undefined)
    throw new Problem('invalid', `User ${name} has a client-certificate without a client-key.`);
  if (exec !== undefined) checkExec(name, exec, authProvider !== undefined);
  if (impersonate !== undefined && impersonate.user === undefined)
    throw new Problem('invalid', `User ${name} has as-uid, as-groups or as-user-extra without as.`, {
      hint: 'Name the user to act as with as.',
    });
}

function checkExec(user: string, { command, apiVersion, env, interactiveMode }: ExecSettings, provider: boolean): void {
  const plugin = `The exec plug-in of user ${user}`;
  if (provider)
    throw new Problem('invalid', `User ${user} has both an exec plug-in and an auth-provider.`, { hint: 'Take one of them away.' });
  if (command === '') throw new Problem('invalid', `${plugin} names no command.`);
  if (apiVersion === '')
    throw new Problem('invalid', `${plugin} names no apiVersion.`, {
      hint: 'Set it to client.authentication.k8s.io/v1, or to what the plug-in answers with.',
    });
  if (env.some((variable) => variable.name === '')) throw new Problem('invalid', `${plugin} has an environment variable without a name.`);
  if (interactiveMode === '')
    throw new Problem('invalid', `${plugin} names no interactiveMode.`, { hint: 'Set it to IfAvailable, Always or Never.' });
  if (!['Never', 'IfAvailable', 'Always'].includes(interactiveMode))
    throw new Problem('invalid', `${plugin} has the interactiveMode ${interactiveMode}, which there is not.`, {
      hint: 'Set it to IfAvailable, Always or Never.',
    });
}

function checkPem(source: PemSource | undefined, what: string): void {
  if (source === undefined || 'file' in source || source.text.includes('-----BEGIN')) return;
  throw new Problem('invalid', `${what} is not a PEM text in Base64.`);
}

/**
 * The address of a server: a URL, or `host:port`, which means `http` (client-go `rest.DefaultServerURL`). kubectl then ignores the TLS
 * settings and sends credentials unencrypted; this is refused here.
 */
export function serverAddress(name: string, { server, ca, skipTlsVerify }: ClusterProfile, { clientCertificate }: UserProfile): string {
  const [, scheme] = /^(https?):\/\/[^/]/i.exec(server) ?? [];
  const bare = scheme === undefined && /^[\w.-]+(?::\d+)?$/.test(server);
  if (bare && (ca !== undefined || skipTlsVerify || clientCertificate !== undefined)) {
    throw new Problem('invalid', `The server of cluster ${name}, ${server}, does not say whether it speaks TLS.`, {
      hint: `Write https://${server}.`,
    });
  }
  const address = bare ? `http://${server}` : scheme === undefined ? server : scheme.toLowerCase() + server.slice(scheme.length);
  if ((bare || scheme !== undefined) && URL.canParse(address)) return address;
  throw new Problem(
    'invalid',
    `Cluster ${name} has no usable server address (${server === '' ? 'it is empty' : withoutPassword(server)}).`,
    { hint: 'It must look like https://host:6443.' },
  );
}

const withoutPassword = (address: string): string => address.replace(/\/\/[^/@]*@/, '//').replace(/^[^/@]*@/, '');
