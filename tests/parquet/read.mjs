// Every cell of a Parquet file as text, read by hyparquet: column names on the first line, then a row a line, cells
// between tabs: '-' null, 't' and hex of a text's UTF-8, 'i' and a whole number, 'd' and the 16 hex digits of a double.
// With --footer: what the footer says of the columns, one a line.
import { readFileSync } from 'node:fs'
import { parquetMetadata, parquetRead } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'

const bytes = readFileSync(process.argv[2])
const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
const metadata = parquetMetadata(file)
const out = []

function cell(value, type) {
  if (value === null || value === undefined) return '-'
  if (typeof value === 'string') return 't' + Buffer.from(value, 'utf8').toString('hex')
  if (type === 'DOUBLE') {
    const bits = Buffer.alloc(8)
    bits.writeDoubleBE(value)
    return 'd' + bits.toString('hex')
  }
  return 'i' + value.toString()
}

const hex = (bound) => {
  if (bound === undefined) return '-'
  if (bound instanceof Uint8Array) return 't' + Buffer.from(bound).toString('hex')
  return cell(bound, typeof bound === 'number' && !Number.isInteger(bound) ? 'DOUBLE' : '')
}

if (process.argv[3] === '--footer') {
  out.push(`rows ${metadata.num_rows} groups ${metadata.row_groups.length} by ${metadata.created_by}`)
  for (const { key, value } of metadata.key_value_metadata ?? []) out.push(`${key}=${value}`)
  const leaves = metadata.schema.filter((element) => element.type !== undefined)
  leaves.forEach((leaf, k) => {
    const meta = metadata.row_groups[0].columns[k].meta_data
    const logical = leaf.logical_type ? leaf.logical_type.type : '-'
    out.push([leaf.name, leaf.type, leaf.repetition_type, leaf.converted_type ?? '-', logical, meta.codec,
      meta.encodings.join('+'), 'nulls ' + meta.statistics.null_count, hex(meta.statistics.min_value),
      hex(meta.statistics.max_value)].join(' '))
  })
} else {
  const leaves = metadata.schema.filter((element) => element.type !== undefined)
  out.push(leaves.map((leaf) => leaf.name).join('\t'))
  await parquetRead({
    file,
    metadata,
    compressors,
    parsers: { timestampFromMilliseconds: (ms) => ms },  // a Date would round what lies beyond its range
    onComplete: (rows) => {
      for (const row of rows) out.push(row.map((value, k) => cell(value, leaves[k].type)).join('\t'))
    },
  })
}
process.stdout.write(out.join('\n') + '\n')
