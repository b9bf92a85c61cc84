/** A server and a user: the result of a kubeconfig context, a service account or the environment. */
export interface Profile {
  /** Name of the kubeconfig context; undefined in a cluster, or if only the environment counts. */
  readonly context: string | undefined;
  readonly namespace: string;
  readonly cluster: ClusterProfile;
  readonly user: UserProfile;
}

/** PEM text in the configuration itself, or in a file that may be rotated. */
export type PemSource = { readonly text: string } | { readonly file: string };

export interface ClusterProfile {
  /** `https://host:port[/path]` without a trailing slash. */
  readonly server: string;
  readonly ca: PemSource | undefined;
  readonly skipTlsVerify: boolean;
  readonly tlsServerName: string | undefined;
  /** `http`, `https` or `socks5` URL; wins over the proxy variables of the environment. */
  readonly proxyUrl: string | undefined;
  /** Extensions of the cluster in the kubeconfig, meant for other programs, by name. */
  readonly extensions: ReadonlyMap<string, unknown>;
}

export interface UserProfile {
  /** Its name in the kubeconfig, for a person. */
  readonly name: string;
  readonly clientCertificate: PemSource | undefined;
  readonly clientKey: PemSource | undefined;
  readonly token: string | undefined;
  readonly tokenFile: string | undefined;
  readonly basic: { readonly username: string; readonly password: string } | undefined;
  readonly exec: ExecSettings | undefined;
  readonly authProvider: AuthProviderSettings | undefined;
  readonly impersonate: Impersonation | undefined;
}

export interface Impersonation {
  readonly user: string | undefined;
  readonly uid: string | undefined;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

/** `auth-provider` of a user: `AuthProviderConfig` of client-go `tools/clientcmd/api`. */
export interface AuthProviderSettings {
  readonly name: string;
  readonly config: Readonly<Record<string, string>>;
  /** The kubeconfig that contains it. */
  readonly file: string;
}

/** An exec plug-in: `ExecConfig` of client-go `tools/clientcmd/api`. */
export interface ExecSettings {
  readonly apiVersion: string;
  /** An absolute path, or a name to look up in PATH. */
  readonly command: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly installHint: string | undefined;
  readonly provideClusterInfo: boolean;
  /** `Never`, `IfAvailable` or `Always`, after the check. */
  readonly interactiveMode: string;
}

/** A user without credentials, to spread the known ones over. */
export const NOBODY: UserProfile = {
  name: 'anonymous',
  clientCertificate: undefined,
  clientKey: undefined,
  token: undefined,
  tokenFile: undefined,
  basic: undefined,
  exec: undefined,
  authProvider: undefined,
  impersonate: undefined,
};
