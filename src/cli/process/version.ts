import description from '../../../package.json' with { type: 'json' };

/** Version of drey. */
export const version = description.version;
