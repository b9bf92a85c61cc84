// The least that a full-screen Ink program can do: what start-up is measured against.
import { Box, render, Text } from 'ink';

const { stdout } = process;
render(
  <Box width={stdout.columns} height={stdout.rows} borderStyle="round">
    <Text>ready</Text>
  </Box>,
  { alternateScreen: true, interactive: true, patchConsole: false },
);
