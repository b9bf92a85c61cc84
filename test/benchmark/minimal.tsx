// The smallest full-screen Ink program, as the reference for start-up.
import { Box, render, Text } from 'ink';

const { stdout } = process;
render(
  <Box width={stdout.columns} height={stdout.rows} borderStyle="round">
    <Text>ready</Text>
  </Box>,
  { alternateScreen: true, interactive: true, patchConsole: false },
);
