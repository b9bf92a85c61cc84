import type { UploadedJar } from '../../flink/types.ts';
import { formatDateTime } from '../../support/format.ts';
import { oneLine } from '../../support/foreign-text.ts';
import type { Column } from './column.ts';

export const jarColumns: readonly Column<UploadedJar>[] = [
  { title: 'ID', min: 20, max: 120, drop: 0, text: ({ id }) => oneLine(id) },
  { title: 'NAME', min: 18, max: 80, drop: 0, cut: 'middle', text: ({ name }) => oneLine(name) },
  {
    title: 'UPLOADED',
    min: 26,
    max: 26,
    drop: 1,
    descending: true,
    text: ({ uploadedAt }) => formatDateTime(uploadedAt),
    value: ({ uploadedAt }) => uploadedAt,
  },
];
