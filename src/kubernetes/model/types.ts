import type { V1ObjectMeta } from '@kubernetes/client-node';
import type { IncomingHttpHeaders } from 'node:http';
import type { Duplex, Readable } from 'node:stream';
import type { Problem } from '../../support/problem.ts';
import type { Wire } from './wire.ts';

/** A kind of object on the API server. */
export interface ResourceType {
  /** `''` for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** The fields that every object has. A caller that knows the kind narrows it to a `Wire<V1…>`. */
export interface KubernetesObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: Wire<V1ObjectMeta>;
}

export interface ObjectAddress {
  readonly resource: ResourceType;
  /** Absent for cluster-wide kinds, or for all namespaces in a list. */
  readonly namespace?: string | undefined;
  readonly name: string;
}

export interface ListOptions {
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface RequestOptions {
  readonly signal?: AbortSignal | undefined;
  /** Time limit for a complete answer in milliseconds; the request then fails as `unreachable`. Default 10,000. */
  readonly timeoutMs?: number | undefined;
}

export interface WatchSink<T> {
  /** A page of a list: `first` discards the known objects, `last` completes the list (objects not in it are gone). */
  page(items: readonly T[], position: { readonly first: boolean; readonly last: boolean }): void;
  /** Objects appeared or changed. Called once per chunk of the stream, with all objects in it. */
  seen(items: readonly T[]): void;
  /** Objects were deleted; these are their last states. */
  gone(items: readonly T[]): void;
  /**
   * Called with the objects that cannot be read and are left out, whenever these change; undefined if all can be read. Comes before the
   * last page of a list. May be absent.
   */
  unreadable?(objects: Unreadable | undefined): void;
  /** The state of the stream: `live` after the first list or event; `stale` if a probe is overdue; `lost` between tries. */
  status(status: StreamStatus): void;
}

/** Objects of a collection that do not have the shape that Kubernetes promises. */
export interface Unreadable {
  readonly count: number;
  /** The names of those that have one. */
  readonly names: readonly string[];
  /** Why the first of them cannot be read, in full sentences. */
  readonly reason: string;
}

/** The objects of a collection that can be read. */
export interface ReadableList<T> {
  readonly items: readonly T[];
  readonly unreadable: Unreadable | undefined;
}

export type StreamStatus =
  | { readonly state: 'connecting' }
  | { readonly state: 'live' }
  /** Overdue: nothing was heard since `heardAt`; without a problem the server may only be slow. Times are epoch milliseconds. */
  | { readonly state: 'stale'; readonly heardAt: number; readonly problem?: Problem }
  | { readonly state: 'lost'; readonly problem: Problem; readonly nextTryAt?: number }
  | { readonly state: 'denied'; readonly problem: Problem; readonly nextTryAt?: number };

export interface LogRequest {
  readonly namespace: string;
  readonly pod: string;
  readonly container?: string | undefined;
  readonly previous?: boolean | undefined;
  /** How many of the latest lines to start with. Default: from the start of the log. */
  readonly tailLines?: number | undefined;
  /** Epoch milliseconds to start at. */
  readonly since?: number | undefined;
  /** `false`: stop at the current end of the log. Default true. */
  readonly follow?: boolean | undefined;
}

export interface LogSink {
  /**
   * Whole lines, in order, each once: the bytes are UTF-8 without a line end and already harmless for a terminal (colours remain, other
   * control sequences do not). `at` is the kubelet's stamp in epoch milliseconds. Called in batches; lines and bytes are reused once the
   * call returns. Nothing more is read of the log until a promise resolves.
   */
  lines(lines: readonly LogLine[]): void | Promise<void>;
  status(status: StreamStatus | { readonly state: 'ended' }): void;
  /** The node no longer had the last line that was read: lines between these moments may be missing. Called before `lines` with the later ones. */
  missing?(from: number, to: number): void;
}

/** `bytes` from `from` to `to`: the lines of a batch share one buffer, because a view per line would be larger than the line. */
export interface LogLine {
  readonly at: number;
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly to: number;
  /** The line was longer than 64 KiB and was cut. */
  readonly cut: boolean;
}

export interface AccessQuestion {
  readonly verb: string;
  readonly group?: string | undefined;
  readonly resource: string;
  readonly subresource?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

export interface Access {
  readonly allowed: boolean;
  /** The server's reason, if it gave one. */
  readonly reason?: string | undefined;
}

export interface ExecRequest {
  readonly namespace: string;
  readonly pod: string;
  readonly container?: string;
  readonly command: readonly string[];
  readonly stdin?: Readable | undefined;
  /** The command runs on a pseudo-terminal of the same size as this one; it has no stderr then. */
  readonly terminal?: TerminalSizes | undefined;
  /** Nothing more is read of the output until a promise resolves. */
  readonly onStdout?: (chunk: Uint8Array) => void | Promise<void>;
  readonly onStderr?: (chunk: Uint8Array) => void | Promise<void>;
  /**
   * Called when the API server has been silent for too long, and with undefined when it is heard again: the user decides how long to wait.
   * Absent: the command fails when the API server is silent.
   */
  readonly onSilence?: ((problem: Problem | undefined) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How large a terminal is, now and from then on. */
export interface TerminalSizes {
  now(): { readonly columns: number; readonly rows: number };
  /** Calls the listener whenever that has changed. Call the result to stop. */
  onChange(listener: () => void): () => void;
}

/** An HTTP request to a port of a Service, by its number or name. */
export interface ServiceRequest {
  readonly service: { readonly namespace: string; readonly name: string };
  readonly port: number | string;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readable | undefined;
  readonly signal: AbortSignal;
}

/** The answer of the service, whatever its status. */
export interface ServiceAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readable | Iterable<Uint8Array>;
}

/**
 * One API server, as one user, with one keep-alive pool. Every method rejects with a `Problem`, or with an `AbortError` if its signal
 * aborts.
 */
export interface KubernetesClient extends AsyncDisposable {
  /** `https://host:port`, for a person. */
  readonly server: string;
  /** Name of the kubeconfig context; undefined in a cluster. */
  readonly context: string | undefined;
  /** Namespace of the context, `default` if it has none. */
  readonly namespace: string;
  /** The server's certificate is not checked (`insecure-skip-tls-verify`). */
  readonly tlsUnverified: boolean;
  /** Extensions of the cluster in the kubeconfig, meant for other programs, by name. */
  readonly extensions: ReadonlyMap<string, unknown>;
  /** `GET /version`, e.g. `v1.34.4`. */
  version(options?: RequestOptions): Promise<string>;
  get<T extends KubernetesObject>(address: ObjectAddress, options?: RequestOptions): Promise<T>;
  /** Reads all pages of 500. */
  list<T extends KubernetesObject>(resource: ResourceType, options?: ListOptions): Promise<readonly T[]>;
  /** Reads all pages like `list`. An object that cannot be read is left out and reported; `project` throws if it cannot read one. */
  listReadable<T>(resource: ResourceType, options: ListOptions, project: (raw: KubernetesObject) => T): Promise<ReadableList<T>>;
  create<T extends KubernetesObject>(
    resource: ResourceType,
    namespace: string | undefined,
    body: T,
    options?: RequestOptions & { readonly dryRun?: boolean },
  ): Promise<T>;
  replace<T extends KubernetesObject>(address: ObjectAddress, body: T, options?: RequestOptions): Promise<T>;
  patch<T extends KubernetesObject>(
    address: ObjectAddress,
    body: unknown,
    type: 'merge' | 'strategic' | 'json',
    options?: RequestOptions,
  ): Promise<T>;
  /** 404 is a `Problem` of kind `not-found`. */
  delete(
    address: ObjectAddress,
    options?: RequestOptions & { readonly propagation?: 'Background' | 'Foreground' | 'Orphan'; readonly uid?: string | undefined },
  ): Promise<void>;
  /**
   * Lists in pages of 500, then watches with bookmarks, without end: resumes, relists on 410, backs off with jitter, probes a silent
   * server. `project` keeps the needed part of each raw object. Resolves when `signal` aborts; never rejects because of a server.
   */
  listAndWatch<T>(
    resource: ResourceType,
    options: ListOptions & { readonly signal: AbortSignal },
    project: (raw: KubernetesObject) => T,
    sink: WatchSink<T>,
  ): Promise<void>;
  /**
   * Follows a container's log across broken streams, without losing or repeating a line. Resolves at the end of the log or when `signal`
   * aborts.
   */
  followLog(request: LogRequest, sink: LogSink, signal: AbortSignal): Promise<void>;
  /**
   * A connection to a port of a pod, through the API server (`v4.channel.k8s.io`). An error of the far side destroys it with a `Problem`.
   */
  portForward(pod: { readonly namespace: string; readonly name: string }, port: number, options?: RequestOptions): Promise<Duplex>;
  /** Passes a request on to a Service through the proxy of the API server (`services/proxy`), which needs no upgrade of the connection. */
  askService(request: ServiceRequest): Promise<ServiceAnswer>;
  /** Runs a command in a container; resolves with its exit code. Over a WebSocket, otherwise over SPDY. */
  exec(request: ExecRequest): Promise<number>;
  /** SelfSubjectAccessReview, cached for a minute. */
  can(question: AccessQuestion, options?: RequestOptions): Promise<Access>;
  /** Retries now whatever is waiting for its next try. */
  retryNow(): void;
}
