import { Box } from 'ink';
import { useFrame } from './base/frame.ts';
import { tooSmall } from '../rows/too-small.ts';
import { Row } from './base/row.tsx';

/** Instead of the screen, where it has no room. */
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
