/** Cells of the terminal. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** A rectangle on the screen, in cells from the top left corner. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The tables; on a small screen one is shown at a time. */
export const views = ['pods', 'jobs', 'operations', 'timeline'] as const;
export type ViewName = (typeof views)[number];

export const viewTitles: Readonly<Record<ViewName, string>> = {
  pods: 'Pods',
  jobs: 'Jobs',
  operations: 'Operations',
  timeline: 'Timeline',
};

export const isView = (name: string): name is ViewName => (views as readonly string[]).includes(name);

/** All tables: those of home, and those of the places within. */
export const tables = [
  ...views,
  'vertices',
  'checkpoints',
  'checkpoint-facts',
  'operators',
  'acknowledgements',
  'exceptions',
  'job-settings',
  'stack',
  'subtasks',
  'attempts',
  'subtask-figures',
  'subtask-metrics',
  'vertex-taskmanagers',
  'watermarks',
  'accumulators',
  'metrics',
  'top',
  'figures',
  'slots',
  'threads',
  'movements',
  'files',
  'settings',
  'methods',
  'templates',
  'incident',
] as const;
export type TableName = (typeof tables)[number];

export const tableTitles: Readonly<Record<TableName, string>> = {
  ...viewTitles,
  vertices: 'Vertices',
  checkpoints: 'Checkpoints',
  'checkpoint-facts': 'All of them',
  operators: 'Operators',
  acknowledgements: 'Subtasks',
  exceptions: 'Exceptions',
  'job-settings': 'Configuration',
  stack: 'Failure',
  subtasks: 'Subtasks',
  attempts: 'Attempts',
  'subtask-figures': 'Figures',
  'subtask-metrics': 'Metrics',
  'vertex-taskmanagers': 'TaskManagers',
  watermarks: 'Watermarks',
  accumulators: 'Accumulators',
  metrics: 'Metrics',
  top: 'Top',
  figures: 'Memory',
  slots: 'Slots',
  threads: 'Threads',
  movements: 'What moved',
  files: 'Files',
  settings: 'Configuration',
  methods: 'Methods',
  templates: 'Templates',
  incident: 'Why',
};

export const isTable = (name: string): name is TableName => (tables as readonly string[]).includes(name);

export type PanelName = TableName | 'chart' | 'graph' | 'flame' | 'phases' | 'log' | 'text';

export const panelTitles: Readonly<Record<PanelName, string>> = {
  ...tableTitles,
  chart: 'Charts',
  graph: 'Graph',
  flame: 'Flame graph',
  phases: 'What held it up',
  log: 'Log',
  text: 'Text',
};

/** Panels of a place that stand together if they have room, the first one on top; the log is always below them. */
export interface PlaceView<Panel extends PanelName = PanelName> {
  readonly title: string;
  readonly panels: readonly Panel[];
  /** Its two panels stand side by side: they are short, or need their height. */
  readonly beside?: boolean;
}

export interface Layout {
  readonly kind: 'tiny' | 'tabs' | 'columns' | 'wide';
  readonly size: Size;
  readonly header: Area;
  /** The line that says where one is; undefined: at home. */
  readonly whereabouts: Area | undefined;
  /** The row of tabs, if only one table has room. */
  readonly tabs: Area | undefined;
  /** Visible panels, in the order in which Tab visits them. */
  readonly panels: readonly { readonly name: PanelName; readonly area: Area }[];
  readonly problem: Area;
  readonly command: Area;
  readonly hints: Area;
}

export interface LayoutWish {
  /** The table to show if not all have room. */
  readonly view: ViewName;
  /** A text (help, describe) takes the place of the log. */
  readonly text: boolean;
  /** This panel takes all the room. */
  readonly zoomed: PanelName | undefined;
  /** Rows that the longest table could fill; undefined: unknown. */
  readonly rows?: number | undefined;
  /** The view of a place within, and the panel that it shows if only one has room; undefined: at home. */
  readonly within?: PlaceView | undefined;
  readonly panel?: PanelName | undefined;
}

export const smallest: Size = { columns: 60, rows: 15 };

/** The columns needed for two tables next to each other, and for the timeline next to them. */
const twoColumns = 110;
const threeColumns = 180;
/** With fewer rows, tables become tabs: the log would get too little. */
const columnsRows = 30;

/** The areas on a terminal of `size`. They never leave the screen and never overlap. */
export function layout(size: Size, wish: LayoutWish): Layout {
  const columns = Math.max(1, size.columns);
  const rows = Math.max(1, size.rows);
  const row = (y: number): Area => ({ x: 0, y, width: columns, height: 1 });
  const fixed = {
    size: { columns, rows },
    header: row(0),
    problem: row(Math.max(0, rows - 3)),
    command: row(Math.max(0, rows - 2)),
    hints: row(rows - 1),
  };
  if (columns < smallest.columns || rows < smallest.rows)
    return { ...fixed, kind: 'tiny', whereabouts: undefined, tabs: undefined, panels: [] };

  const kind: Layout['kind'] =
    columns >= threeColumns && rows >= columnsRows ? 'wide' : columns >= twoColumns && rows >= columnsRows ? 'columns' : 'tabs';
  const within = wish.within !== undefined;
  const top = within ? 3 : kind === 'tabs' ? 2 : 1;
  const room: Area = { x: 0, y: top, width: columns, height: rows - 3 - top };
  const lines = { whereabouts: within ? row(1) : undefined, tabs: within ? row(2) : kind === 'tabs' ? row(1) : undefined };
  return { ...fixed, ...lines, kind, panels: panelsIn(room, kind, wish) };
}

type Placed = Layout['panels'];

function panelsIn(room: Area, kind: Layout['kind'], wish: LayoutWish): Placed {
  if (wish.zoomed !== undefined) return [{ name: wish.zoomed, area: room }];
  // A text needs the room more than what it was opened from.
  if (wish.text && (wish.within !== undefined || kind === 'tabs')) return [{ name: 'text', area: room }];
  return wish.within === undefined ? panelsAtHome(room, kind, wish) : panelsWithin(wish.within, wish.panel, room, kind);
}

function panelsAtHome(room: Area, kind: Layout['kind'], { view, text, rows = 0 }: LayoutWish): Placed {
  const columns = room.width;
  const upper = upperHeight(room.height, kind, rows);
  const lower: Area = { ...room, y: room.y + upper, height: room.height - upper };
  const bottom = { name: text ? ('text' as const) : ('log' as const), area: lower };
  const strip: Area = { ...room, height: upper };
  if (kind === 'tabs') return [{ name: view, area: strip }, bottom];
  if (kind === 'columns') {
    const left = Math.ceil(columns / 2) + (columns % 2 === 0 ? 1 : 0);
    const right: Area = { ...strip, x: left, width: columns - left };
    return [{ name: 'pods', area: { ...strip, width: left } }, { name: view === 'pods' ? 'jobs' : view, area: right }, bottom];
  }
  const pods = Math.floor(columns * 0.38);
  const jobs = Math.floor(columns * 0.36);
  const operations = Math.min(6, Math.floor(upper / 2));
  const x = pods + jobs;
  return [
    { name: 'pods', area: { ...strip, width: pods } },
    { name: 'jobs', area: { ...strip, x: pods, width: jobs } },
    { name: 'operations', area: { ...strip, x, width: columns - x, height: operations } },
    { name: 'timeline', area: { ...strip, x, y: strip.y + operations, width: columns - x, height: upper - operations } },
    bottom,
  ];
}

/** The share of the log below the panels of a place. */
const logShare = 0.3;

/** The share of the first of two panels that stand side by side. */
const firstShare = 0.55;

/** The panels of a view one below the other or side by side, and the log below them; on a small screen only the one that has the focus. */
function panelsWithin({ panels, beside = false }: PlaceView, focused: PanelName | undefined, room: Area, kind: Layout['kind']): Placed {
  const [first = 'log'] = panels;
  if (kind === 'tabs') {
    const shown = focused === 'log' || (focused !== undefined && panels.includes(focused)) ? focused : first;
    return [{ name: shown, area: room }];
  }
  const log = Math.floor(room.height * logShare);
  const upper = room.height - log;
  const bottom = { name: 'log' as const, area: { ...room, y: room.y + upper, height: log } };
  const [, second] = panels;
  if (beside && second !== undefined) {
    const left = Math.ceil(room.width * firstShare);
    return [
      { name: first, area: { ...room, width: left, height: upper } },
      { name: second, area: { ...room, x: left, width: room.width - left, height: upper } },
      bottom,
    ];
  }
  const each = Math.floor(upper / panels.length);
  return [
    ...panels.map((name, index) => ({
      name,
      // The last one takes what is left.
      area: { ...room, y: room.y + index * each, height: index === panels.length - 1 ? upper - index * each : each },
    })),
    bottom,
  ];
}

/** Rows of the tables: enough for a small cluster, more if needed, never more than nine twentieths; the log gets the rest. */
function upperHeight(room: number, kind: Layout['kind'], rows: number): number {
  const least = kind === 'tabs' ? 8 : kind === 'columns' ? 10 : 14;
  return Math.max(4, Math.min(Math.max(least, rows + tableFrame), Math.floor(room * 0.45)));
}

/** Rows of a table without an object: its borders and its titles. */
const tableFrame = 3;

/** The panels grow in steps, so that not every new object moves them, and shrink only with room to spare. */
const rowStep = 4;

/** The rows of the tables: as many as needed, and fewer than before only if far fewer are needed. */
export function tableRoom(given: number, needed: number): number {
  const wanted = Math.ceil(needed / rowStep) * rowStep;
  return wanted > given || wanted < given - 2 * rowStep ? wanted : given;
}

/** The panel under a cell. */
export function panelAt({ panels }: Layout, x: number, y: number): PanelName | undefined {
  return panels.find(({ area }) => x >= area.x && x < area.x + area.width && y >= area.y && y < area.y + area.height)?.name;
}

/** The area of a box of this size in the middle of the screen. */
export function centred(size: Size, width: number, height: number): Area {
  const w = Math.min(width, size.columns);
  const h = Math.min(height, size.rows);
  return { x: Math.floor((size.columns - w) / 2), y: Math.floor((size.rows - h) / 2), width: w, height: h };
}
