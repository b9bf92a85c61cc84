@echo off
setlocal
set NODE_OPTIONS=
node "%~dp0launch.cjs" drey %*
