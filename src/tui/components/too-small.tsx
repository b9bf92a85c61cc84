import { Box } from 'ink';
import { useFrame } from './base/frame.ts';
import { tooSmall } from '../rows/too-small.ts';
import { Row } from './base/row.tsx';

/** Replaces the screen if it has no room. */
export function TooSmall() {
  const text = useFrame((frame) => tooSmall(frame).join('\n'));
  return (
    <Box flexDirection="column">
      {text.split('\n').map((line, row) => (
        <Row key={row} text={line} />
      ))}
    </Box>
  );
}
