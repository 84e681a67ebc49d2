@echo off
rem The commands of Pipeline Control, for cmd and PowerShell: they wait for the end and get its exit code, which a program
rem with windows does not do by itself. After -- addresses may be arguments too.
start "" /b /wait "%~dp0Pipeline Control.exe" -- cli %*
exit /b %errorlevel%
