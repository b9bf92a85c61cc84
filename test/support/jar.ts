import { writeFileSync } from 'node:fs';
import { crc32, deflateRawSync } from 'node:zlib';

/** A zip archive with these files, deflated. */
export function zip(files: Readonly<Record<string, string | Buffer>>, comment = ''): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const bytes = Buffer.from(content);
    const packed = deflateRawSync(bytes);
    const numbers = (header: Buffer, at: number) => {
      header.writeUInt16LE(20, at);
      header.writeUInt16LE(8, at + 4);
      header.writeUInt32LE(crc32(bytes), at + 10);
      header.writeUInt32LE(packed.length, at + 14);
      header.writeUInt32LE(bytes.length, at + 18);
      header.writeUInt16LE(name.length, at + 22);
      return header;
    };
    const local = numbers(Buffer.alloc(30), 4);
    local.writeUInt32LE(0x04034b50, 0);
    const entry = numbers(Buffer.alloc(46), 6);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt32LE(offset, 42);
    locals.push(local, Buffer.from(name), packed);
    central.push(entry, Buffer.from(name));
    offset += 30 + name.length + packed.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...locals, directory, end, Buffer.from(comment)]);
}

/** A jar whose manifest names a main class, or none. */
export const jar = (mainClass?: string, more: Readonly<Record<string, string>> = {}): Buffer =>
  zip({
    'META-INF/MANIFEST.MF': `Manifest-Version: 1.0\r\n${mainClass === undefined ? '' : `Main-Class: ${mainClass}\r\n`}\r\n`,
    ...more,
  });

/** A jar that only has a manifest with a main class. */
export function writeJar(path: string, mainClass = 'org.example.Main', note = ''): string {
  writeFileSync(path, jar(mainClass, { 'note.txt': note }));
  return path;
}
