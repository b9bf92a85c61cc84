/**
 * An object of `@kubernetes/client-node` as it comes over the wire: a date is text, and the server may leave anything out. Only types are
 * imported from that package: they cost nothing at run time.
 */
export type Wire<T> = T extends Date
  ? string
  : T extends readonly (infer Item)[]
    ? readonly Wire<Item>[]
    : string extends keyof T
      ? { readonly [Key in keyof T]: Wire<T[Key]> }
      : T extends object
        ? { readonly [Key in keyof T]?: Wire<T[Key]> }
        : T;
