import type { PanelName, PlaceView } from './layout.ts';

/** Whether commands are typed: no, one after which the panel has the focus again, or any number. */
export type Typing = 'off' | 'once' | 'on';

/** Where the keys go within a place. */
export interface Standing<Panel extends PanelName = PanelName> {
  /** The panel that has the focus; while a command is typed, the panel that had it before. */
  readonly panel: Panel;
  /** That panel takes all the room. */
  readonly zoomed: boolean;
  readonly typing: Typing;
}

/** The rules for all places of one kind. */
export interface PlaceRules<Panel extends PanelName> {
  /** Its panels, in the order in which Tab visits them. */
  readonly panels: readonly Panel[];
  /** The panel that PgUp and PgDn scroll from the command line, and that `/` searches from there. */
  readonly main: Panel & ('log' | 'text');
  /**
   * It is shown next to the panels of the previous place, and Esc on the command line leaves it. In other places, Esc there leads to the
   * panels.
   */
  readonly passing: boolean;
  /** There is no other of its kind, to which `<` and `>` could lead. */
  readonly alone?: true;
  /** The views of a place within; undefined: it has only one. */
  readonly views?: readonly PlaceView<Panel>[];
}

/** A place inside of the cluster: a job, a vertex, a process. */
export interface Within<Panel extends PanelName = PanelName> extends Standing<Panel> {
  /** The index of the view that is shown. */
  readonly view: number;
}

export const hasPanel = <Panel extends PanelName>({ panels }: PlaceRules<Panel>, panel: PanelName): panel is Panel =>
  (panels as readonly PanelName[]).includes(panel);
