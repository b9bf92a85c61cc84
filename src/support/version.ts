import description from '../../package.json' with { type: 'json' };

/** The version of drey. */
export const version = description.version;
