; Included by the installer for Windows: the carried command line goes on the user's path, and off it again. An update runs the old
; uninstaller first, which must leave the path alone: open terminals and hooks go on with it.
!include WinMessages.nsh

!macro changeUserPath WHAT
  nsExec::ExecToLog '"$INSTDIR\resources\cli\bin\node.exe" "$INSTDIR\resources\cli\bin\user-path.mjs" ${WHAT} "$INSTDIR\resources\cli\bin"'
  Pop $0
  SendMessage ${HWND_BROADCAST} ${WM_SETTINGCHANGE} 0 "STR:Environment" /TIMEOUT=5000
!macroend

!macro customInstall
  !insertmacro changeUserPath add
!macroend

!macro customUnInstall
  ${ifNot} ${isUpdated}
    !insertmacro changeUserPath remove
  ${endIf}
!macroend
