import java.io.IOException;
import java.io.InputStream;

/**
 * Starts another program's main class in this JVM and ends it cleanly when standard input ends: when the app that holds
 * the other end stops, crashes or is killed, the broker shuts down too. Usage: Guardian MAIN_CLASS ARGUMENT...
 */
public final class Guardian {
    private Guardian() {}

    public static void main(String[] args) throws Exception {
        Thread watch = new Thread(Guardian::exitAtEnd, "guardian");
        watch.setDaemon(true);
        watch.start();
        String[] rest = java.util.Arrays.copyOfRange(args, 1, args.length);
        Class.forName(args[0]).getMethod("main", String[].class).invoke(null, (Object) rest);
    }

    private static void exitAtEnd() {
        InputStream in = System.in;
        byte[] buffer = new byte[64];
        try {
            while (in.read(buffer) >= 0) {
                // Nothing is ever said on this line; only its end counts.
            }
        } catch (IOException broken) {
            // A broken line is an ended line.
        }
        System.exit(0);
    }
}
