/** The one door to valibot. Import as a namespace (`import * as v`), so that a bundle carries only what it uses. */
export {
  array,
  boolean,
  exactOptional,
  integer,
  literal,
  maxLength,
  maxValue,
  minLength,
  minValue,
  nullable,
  number,
  picklist,
  pipe,
  regex,
  safeParse,
  strictObject,
  string,
  transform,
  union,
  variant,
} from 'valibot'
export type { GenericSchema, InferOutput } from 'valibot'
