import { cacheKeys } from '../core/cache-keys.ts';
import { type Answer, jsonMadeBySql } from '../http/json.ts';
import type { AnyLabelKind, FoundLabel, LabelView } from './labels.ts';

/** HTTP answers with a tag or a source, whose JSON Postgres has made. */

export const presentLabel = <View>({ json, version }: LabelView): Answer<View> => ({
  body: jsonMadeBySql<View>(json),
  version,
});

type Table = AnyLabelKind['table'];

export const presentNewLabel = <View>(table: Table, label: LabelView): Answer<View> => ({
  ...presentLabel<View>(label),
  location: `/v1/${table}/${label.id}`,
});

const keyOf = { tags: cacheKeys.tag, sources: cacheKeys.source } as const;

/** A label that was asked for by an old name is answered with a redirect to where it is. */
export const presentFoundLabel = <View>(table: Table, found: FoundLabel): Answer<View> => {
  const key = keyOf[table](found.id);
  return 'movedTo' in found
    ? { body: null, redirect: `/v1/${table}/${encodeURIComponent(found.movedTo)}`, keys: [cacheKeys.redirects, key] }
    : { ...presentLabel<View>(found), keys: [key] };
};
