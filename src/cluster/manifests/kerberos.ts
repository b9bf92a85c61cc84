import { basename } from 'node:path';
import { kerberosKeytab, kerberosKrb5Path, kerberosPrincipal } from '../../config/options/options-cluster.ts';
import { kerberosDecoratorEnabled } from '../../config/options/options-kubernetes.ts';
import type { OptionType } from '../../config/options/types.ts';
import { booleanType, durationType } from '../../config/options/values.ts';
import { SECRETS } from '../../kubernetes/model/resources.ts';
import { names } from '../../native/names.ts';
import { Problem } from '../../support/problem.ts';
import { configMap, readBytes, readText } from './files.ts';
import { append } from './json.ts';
import type { Context, Draft } from './types.ts';

/** Flink's client also reads these login options, although only the cluster needs them. Source: `SecurityConfiguration`, Flink 2.3. */
const alsoRead: readonly (readonly [string, OptionType<unknown>])[] = [
  ['security.kerberos.login.use-ticket-cache', booleanType],
  ['security.kerberos.relogin.period', durationType],
];

const keytabFolder = '/opt/kerberos/kerberos-keytab';

/** The keytab as a Secret, whose key is the path in the pod. */
function keytab(draft: Draft, context: Context, path: string): Draft {
  const bytes = readBytes(context, path);
  if (bytes === undefined) throw new Problem('invalid', `Kerberos login configuration is invalid: keytab [${path}] doesn't exist.`);
  const secretName = names.keytabSecret(context.clusterId);
  const file = basename(path);
  const body = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: secretName },
    data: { [file]: Buffer.from(bytes).toString('base64') },
  };
  return {
    ...draft,
    config: draft.config.with({ [kerberosKeytab.key]: `${keytabFolder}/${file}` }),
    podSpec: append(draft.podSpec, 'volumes', { name: 'kerberos-keytab-volume', secret: { secretName } }),
    main: append(draft.main, 'volumeMounts', { name: 'kerberos-keytab-volume', mountPath: keytabFolder }),
    owned: [...draft.owned, { resource: SECRETS, body }],
  };
}

/** Flink's client mounts the ConfigMap even if there is no file for it. */
function krb5(draft: Draft, context: Context, path: string): Draft {
  const text = readText(context, path);
  const name = names.krb5ConfigMap(context.clusterId);
  const key = basename(path);
  return {
    ...draft,
    podSpec: append(draft.podSpec, 'volumes', {
      name: 'kerberos-krb5conf-volume',
      configMap: { name, items: [{ key, path: 'krb5.conf' }] },
    }),
    main: append(draft.main, 'volumeMounts', { name: 'kerberos-krb5conf-volume', mountPath: '/etc/krb5.conf', subPath: 'krb5.conf' }),
    ...(text === undefined
      ? {
          notices: [
            ...draft.notices,
            `The file ${path} of ${kerberosKrb5Path.key} does not exist; the pods will wait for a ConfigMap ${name} that is not created.`,
          ],
        }
      : { owned: [...draft.owned, configMap(name, new Map(), new Map([[key, text]]))] }),
  };
}

const filled = (text: string | undefined): text is string => text !== undefined && text.trim() !== '';

/** Keytab and krb5.conf of this machine. Source: `KerberosMountDecorator`, Flink 2.3. */
export function kerberos(draft: Draft, context: Context): Draft {
  const { config } = draft;
  if (config.get(kerberosDecoratorEnabled) !== true) return draft;
  for (const [key, type] of alsoRead) {
    const value = config.raw(key);
    if (value !== undefined) type.parse(value, key);
  }
  const keytabPath = config.get(kerberosKeytab);
  const principal = config.get(kerberosPrincipal);
  const krb5Path = config.get(kerberosKrb5Path);
  if (filled(keytabPath) !== filled(principal))
    throw new Problem('invalid', 'Kerberos login configuration is invalid: either both keytab and principal must be defined, or neither.');
  const next = filled(keytabPath) && filled(principal) ? keytab(draft, context, keytabPath) : draft;
  return filled(krb5Path) ? krb5(next, context, krb5Path) : next;
}
