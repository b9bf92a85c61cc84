@echo off
node "%~dp0..\dist\launch.cjs" drey %*
